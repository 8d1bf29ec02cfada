"""A real worker process for the tests: `python -m tests.groundwork.tasks.run_sample_worker`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiuzhu.config.settings")

if __name__ == "__main__":
    django.setup()

    import tests.groundwork.tasks.sample_jobs  # noqa: F401  # registers the jobs

    from jiuzhu.groundwork.tasks.worker import run_worker

    run_worker(concurrency=2)
