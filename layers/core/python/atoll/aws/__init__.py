"""Ports on AWS, by boto3: the only room that speaks it.

Adapters take their clients and names; nothing here reads the environment, and nothing but
`clients` opens a connection. A fault that passes is `Unavailable`; a fault that nobody
foresaw goes through as botocore raised it.
"""
