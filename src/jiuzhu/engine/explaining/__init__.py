"""Why: figures and rules in words, both sides of each comparison, articles, nearest thresholds, for each reader."""
