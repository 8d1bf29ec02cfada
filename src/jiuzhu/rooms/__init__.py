"""The rooms, Django apps without views, in the order of the flow. Docstrings: Chinese name, duty, demands, law."""
