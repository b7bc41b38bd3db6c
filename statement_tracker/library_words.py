"""What libraries say to people and ship no Malay for: named here, so that our own catalogues carry it."""

from django.utils.translation import gettext_noop

SIGN_IN = [  # django-allauth
    gettext_noop("Authenticator code"),
    gettext_noop("Be patient, you are sending too many requests."),
    gettext_noop("Code"),
    gettext_noop("Current Password"),
    gettext_noop("Email"),
    gettext_noop("Email address"),
    gettext_noop("Incorrect code."),
    gettext_noop("Incorrect password."),
    gettext_noop("Invalid or expired key."),
    gettext_noop("Key nr. {number}"),
    gettext_noop("Master key"),
    gettext_noop("New Password"),
    gettext_noop("New Password (again)"),
    gettext_noop("Password"),
    gettext_noop("Password (again)"),
    gettext_noop("Passwordless"),
    gettext_noop("Please type your current password."),
    gettext_noop("Remember Me"),
    gettext_noop("The email address and/or password you specified are not correct."),
    gettext_noop("The new value must be different from the current one."),
    gettext_noop("The password reset token was invalid."),
    gettext_noop("This account is currently inactive."),
    gettext_noop("Too many failed login attempts. Try again later."),
    gettext_noop("Use a security key"),
    gettext_noop("Use authenticator app or code"),
    gettext_noop("Use your password"),
    gettext_noop("You must type the same password each time."),
]
