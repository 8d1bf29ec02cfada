"""The outbox: news that a room publishes with its change, delivered afterwards to the journeys that subscribed."""
