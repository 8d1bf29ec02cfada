"""WSGI entry: `jiuzhu.config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

from jiuzhu.config.sources import connect_sources

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiuzhu.config.settings")

application = get_wsgi_application()
connect_sources()
