"""What we take in and what we print: safe uploads, rich text, HTML to PDF."""
