"""Has partitions judged: by this process, by several, or on Spark; each costs only itself."""
