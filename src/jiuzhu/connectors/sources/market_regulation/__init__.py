"""市场监管部门: companies and sole traders by the person behind them; capital in ten thousand yuan."""
