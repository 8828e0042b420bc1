"""Views of `/sign-in` with second factor and setup of factors, and of `/sign-out`.

`current_session` and `reauthentication` have no routes: they read and change the session of a request, for the views of
all packages.
"""

from app.sign_in.views import factor_setup, second_factor, sign_in
from app.sign_in.views._blueprint import bp

__all__ = ["bp", "factor_setup", "second_factor", "sign_in"]
