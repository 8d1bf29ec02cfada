"""Importing a roll by the pages: template, upload, check, preview, decision, result."""

import io
from datetime import date

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from procrastinate import testing
from procrastinate.contrib.django import app
from python_calamine import CalamineWorkbook
