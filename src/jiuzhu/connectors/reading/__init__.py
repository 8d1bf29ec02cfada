"""How the words of a provider become typed values, or a reason why they cannot: nothing is guessed."""
