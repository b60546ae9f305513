"""From AWS or from files into the store. The only package that imports boto3."""
