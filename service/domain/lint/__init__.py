"""What is wrong with a draft statement, rule by rule."""
