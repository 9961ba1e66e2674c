#!/usr/bin/env bash
# Has Prometheus's own tool read the alert rules and try them on made-up series, and read the queries
# of the dashboard.
# Usage: check_alerts.sh SOURCE_DIR
set -euo pipefail

source_dir=$1
work=$(mktemp -d "${TMPDIR:-/tmp}/flowdb-alerts-XXXXXX")
trap 'rm -rf -- "$work"' EXIT
cp "$source_dir/examples/monitoring/prometheus_alerts.yml" \
  "$source_dir/tests/monitoring/alerts_test.yml" "$work"
cd "$work"
promtool check rules prometheus_alerts.yml
promtool test rules alerts_test.yml

# As rules (YAML knows JSON), for which there is such a check.
python3 - "$source_dir/examples/monitoring/grafana_dashboard.json" >dashboard.yml <<'SCRIPT'
import json
import sys

panels = json.load(open(sys.argv[1]))["panels"]
queries = [target["expr"] for panel in panels for target in panel.get("targets", [])]
rules = [{"record": f"query_{number}", "expr": query.replace("$__rate_interval", "5m")}
         for number, query in enumerate(queries)]
json.dump({"groups": [{"name": "dashboard", "rules": rules}]}, sys.stdout)
SCRIPT
promtool check rules dashboard.yml
