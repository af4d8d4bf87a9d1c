"""The Motu door of a dissemination unit, behind API Gateway or a load balancer."""
