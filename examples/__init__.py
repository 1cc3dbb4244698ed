"""Small apps, one for each feature. A copy of a file runs by itself, next to the files that its docstring names.

``cdk --app "python3 examples/quickstart.py" deploy --all``
"""
