"""Words of the field that dictionaries do not know and every reader of its messages does. They are never misspelt.

In lower case; a plural in -s counts too. What only one organisation says belongs in its own glossary.
"""

from typing import Final

_SYSTEMS: Final = """
    android ansible apache azure cd chromebook chromeos ci citrix cloudflare confluence dataverse debian devops
    devsecops docker dockerhub drupal elasticsearch entra envoy exadata exchange exim fastly fedora finops firefox
    firewalld gitea github gitlab gmail goldengate grafana graphql haproxy helm hotjar hyperv iaas intune ios ipad
    iphone istio java javascript jenkins jira jquery jupyter kafka kerberos keycloak kibana kotlin kubectl kubelet
    kubernetes lambda linkedin linux logstash macos magento mariadb mattermost memcached microsoft mongo mongodb mssql
    mysql nagios netapp netflow netops netsuite nginx nodejs oauth okta onedrive openid openldap opensearch openshift
    openssl openstack opsgenie oracle outlook paas pagerduty paypal perl php podman postfix postgres postgresql
    powershell prometheus proxmox puppet pypi python rabbitmq redis rsync ruby saas saltstack sap secops servicenow
    sharepoint shopify skype slack snmp solr sonarqube splunk sqlite squid ssh stripe sybase syslog teams teamviewer
    terraform tomcat traefik twilio typescript ubuntu unix valkey varnish veeam vitess vmware vscode webex webkit
    websphere wifi windows wireguard wordpress workday xenapp yammer youtube zabbix zendesk zookeeper zscaler
"""
_NOUNS: Final = """
    acl adware allowlist analytics api app appliance apps async auth autoscaler autoscaling backend backhaul backlog
    backoff backplane backpressure balancer bandwidth baseline bitrate blade blocklist boolean botnet broadband
    brownout bytecode callback changelog charset checksum chipset cleartext clickthrough cloud cluster codebase codec
    codespace cohort colo colocation config containerisation containerization cookie cooldown cron crypto cutover
    cybersecurity daemon dashboard databus datacenter datacentre dataflow datagram dataset datastore datatype deadlock
    deduplication denylist deserialisation deserialization devbox directory distro downlink downtime dropdown dropouts
    egress enablement encoder endpoint ethernet etl failback failover fallback fanout fileserver fileshare filesystem
    firewall firmware frontend gateway gbps geofence geoip geolocation goodput gpu groupware handover handshake
    hardcode hashmap healthcheck heartbeat helpdesk hostname hotfix hotline hotspot hypervisor idempotency idp inbox
    ingress intranet iops ip iscsi jumpbox keepalive kernel keychain keyspace keystore latencies latency livelock
    loadbalancer localhost logfile login logoff logout lookup lun mailbox mailserver mainframe malware mbps metadata
    microservice middleware misconfiguration misroute mitigation mitigations monorepo multicast multicloud multifactor
    multitenancy multitenant multithreading nameserver namespace netmask noindex nonce noop offboarding onboarding
    onprem opcode orchestrator outage overprovisioning pageview parser passcode passkey passphrase passwordless
    payload peering permalink phishing pipeline plaintext playbook plugin podcast popup pre prefetch preprod
    preproduction proxy pubsub qps queueing queuing ransomware reachability readme realtime rearchitecture rebalance
    reboot reconnection redeploy redeployment redundancy refactor regex reimage reindex remediation remediations
    replica repo resiliency resolver resync retransmit retrospective reverification roadmap rollback rollforward
    rollout rootkit rota routable router runbook runtime sandbox scalability schema screenshot sdk serialiser
    serializer serverless servlet sftp shard shortlink signup sinkhole sitemap smartphone snapshot snippet socket
    softphone spam spyware ssd stacktrace standby standup startup stateful stateless storefront subdomain subnet
    subprocess subsea subsystem superuser switchback switchover sysadmin tablespace takedown telco telemetry tenancy
    terabyte throughput timeframe timeout timestamp tooltip touchpoint traceback traceroute truststore tunable
    tunnelling unicast uninstall uplink upsell upstream uptime url username userspace utilisation utilization
    validator vlan vnet voicemail voip vpn webapp webhook webinar webmail webpage webserver webservice website
    websocket whitelist wifi wildcard workaround workflow workload worklog workspace workstation workstream xml
    zeroday
"""
_VERBS: Final = """
    allowlisted autoscale autoscaled backfill backfilled backfilling backported blocklisted bootstrapped cached
    caching containerised containerized dedupe deduped deduplicate deduplicated deprioritised deprioritized
    deprovision deprovisioned downscale downscaled failedover hotfixed misconfigured misrouted offboard offboarded
    onboard onboarded overprovisioned paged parallelised parallelized pinged pinging prefetched preloaded provisioned
    ratelimit ratelimited rearchitected rearchitecting rebalanced rebalancing rebooted rebooting redelivered
    redelivery redeployed redeploying reenabled refactored reimaged reimaging reindexed reindexing remediated
    remounted reoccur reoccurred reoccurrence replatformed reprovision reprovisioned requeue requeued rerouted
    rerouting resharded resync resynced resynchronised resyncing retried retrigger retriggered retrying reverified
    sandboxed sharded sharding throttled throttling triaged triaging unblock unblocked unmount unmounted untag
    upscaled upskilled validated virtualised virtualized whitelisted
"""
_ABBREVIATIONS: Final = """
    HTTP HTTPS LDAP SAML OIDC OAUTH SFTP FTPS SMTP IMAP DHCP IPV4 IPV6 JSON YAML HTML CRUD RAID NVME ECDSA AES256
  GDPR DORA NIS2 SWIFT SEPA IBAN POSIX CMDB ITIL ITSM VOIP WLAN RFID GUID UUID ASCII UTF8 SCIM EDIFACT APAC EMEA
  LATAM NATO COVID
"""
# Of four letters and more; shorter ones never count as shouting.
ABBREVIATIONS: Final = tuple(_ABBREVIATIONS.split())
WORDS: Final = frozenset(word for group in (_SYSTEMS, _NOUNS, _VERBS) for word in group.split())


def is_known(word: str) -> bool:
    """Whether the field knows the word, in any case, alone or in the plural."""
    folded = word.casefold()
    return folded in WORDS or (folded.endswith("s") and folded[:-1] in WORDS)
