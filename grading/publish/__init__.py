"""Publishing: from the course's text to the site and the exercises that run in the browser."""
