"""Needs: questionnaires, surveys and their answers, maturity, and what the territory lacks, alone or together."""
