"""Dates and times as people and programs write them, English and German."""
