"""Prompts of the registry: which words a model gets, and the proof that they are the ones that were signed."""
