"""What staff are told: figures of a period, lists, reports. It reads across features."""
