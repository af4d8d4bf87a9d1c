"""Ports on AWS, by boto3."""
