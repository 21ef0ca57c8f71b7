"""The arithmetic of opinion groups: from votes to a group map.

This package carries the words only. Import the pipeline from `clustering.pipeline`: re-exporting it here
would load SciPy and scikit-learn into every process that only needs the words.
"""
