"""Whom news reaches by a subscription, as a condition of SQL."""


def of_services(*, chosen: str, shown: str) -> str:
    """That `subscription` is of its whole page, of one of the services, or of a group in which the page shows one.

    `chosen` is the condition on the services that it names, `shown` on the service of a `component` of its page.
    """
    return f"""subscription.is_whole OR {chosen}
           OR (cardinality(subscription.groups) > 0 AND EXISTS (
                SELECT FROM comms_component component
                WHERE component.page_id = subscription.page_id AND {shown}
                  AND component."group" = ANY(subscription.groups)))"""
