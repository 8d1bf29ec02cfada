"""My day (我的一天): what waits for this post, and how to get anywhere else."""
