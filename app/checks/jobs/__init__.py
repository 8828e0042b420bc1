"""Jobs of sittings, marking and surprise checks; `app.schedule` names them."""
