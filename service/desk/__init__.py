"""The facilitator's desk: pages to make a conversation, moderate it, read it and report on it."""
