"""The API that tools made for Polis call (`/api/v3`), over our store and our rights: docs/polis.md.

The only room of the service where Polis's words stand (pid, tid, comment), and its sign: agree is −1 there.
"""
