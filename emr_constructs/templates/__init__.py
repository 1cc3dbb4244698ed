"""What a CloudFormation template says about EMR, read without CDK.

:mod:`.parsing` reads the text, :mod:`.intrinsics` resolves what is static, :mod:`.requests` says it as the EMR API
does; :mod:`.checking` finds what is wrong, :mod:`.updates` what an update does, :mod:`.overview` what it launches.
"""
