"""What is kept between scans. SQLite behind small protocols."""
