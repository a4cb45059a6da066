"""What can be done to a request, one module a family of verbs.

Each verb is a function of a draft, the transaction it works in, and a request.
"""
