"""The rooms, Django apps without views, in the order of the flow. Docstring of each: Chinese name, duty, demands, articles."""
