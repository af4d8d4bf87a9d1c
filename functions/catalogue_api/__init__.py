"""The federation's catalogue, behind API Gateway."""
