"""What bookinfo/verify and bookinfo/egress/parameters/check are made of. Python 3.9 and kubectl, nothing else."""
