"""A believable organisation to try the portal with: Halden Group, a retailer with stores, a web shop and a payroll."""
