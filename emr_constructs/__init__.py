"""AWS CDK constructs for Amazon EMR on EC2.

    import emr_constructs as emr

    cluster = emr.Cluster(stack, "Spark", vpc=vpc, applications=[emr.Application.SPARK])

The names are loaded when they are first used, so that the rules start without CDK and an app pays for what it uses.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
