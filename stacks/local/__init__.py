"""The same stacks on one machine: an emulator of AWS, an S3 server, local processes for Fargate."""
