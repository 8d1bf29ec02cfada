"""Addresses of the demonstration identity provider."""

from django.urls import path

from jiuzhu.demo.identity import views

app_name = "demo_identity"
urlpatterns = [
    path(".well-known/openid-configuration", views.configuration, name="configuration"),
    path("authorize/", views.authorize, name="authorize"),
    path("token/", views.token, name="token"),
    path("userinfo/", views.userinfo, name="userinfo"),
    path("keys/", views.keys, name="keys"),
]
