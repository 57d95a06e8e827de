"""What a package says of itself: names, versions, dependencies, scripts, files that run on open."""
