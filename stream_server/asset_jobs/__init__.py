"""The process ``assets``: takes model jobs and runs each in a sandboxed process of its own.

What a brand uploads is opened only in the child (`asset_jobs.child`); this side hands it a file, hears how far it is,
and looks at what it made before anything of it is kept.
"""
