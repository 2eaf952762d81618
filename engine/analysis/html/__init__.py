"""What pages share: their style, charts, and the frame of a file that needs nothing else."""
