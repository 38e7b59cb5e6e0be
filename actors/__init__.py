"""Who acts on the territory, who speaks for whom, whom we may write to."""
