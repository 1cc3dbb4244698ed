"""AWS CDK constructs for Amazon EMR on EC2.

    import emr_constructs as emr

    cluster = emr.Cluster(stack, "Spark", vpc=vpc, applications=[emr.Application.SPARK])

Names are loaded on first use, so that the rules run without CDK and an app imports only the modules that it uses.
"""

import lazy_loader

from ._version import __version__ as __version__

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
