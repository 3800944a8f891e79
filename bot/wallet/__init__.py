"""Money: a double-entry ledger in whole rials, holds, top-ups, payouts and statements."""
