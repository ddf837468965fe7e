"""Addresses of tasks, decisions, hypotheses and workstreams, below incidents/{ref}/."""

from django.urls import path

from incidents.api import views_work as work
from incidents.services.work import tasks

_INCIDENT = "incidents/<str:reference>/"
_TASK = f"{_INCIDENT}tasks/<int:pk>/"
_DECISION = f"{_INCIDENT}decisions/<int:pk>/"
_HYPOTHESIS = f"{_INCIDENT}hypotheses/<int:pk>/"
_WORKSTREAM = f"{_INCIDENT}workstreams/<int:pk>/"

urlpatterns = [
    path(f"{_INCIDENT}tasks/", work.TaskList.as_view(), name="api-tasks"),
    path(_TASK, work.TaskDetail.as_view(), name="api-task"),
    path(f"{_TASK}done/", work.TaskStep.as_view(verb=tasks.done), name="api-task-done"),
    path(f"{_TASK}drop/", work.TaskStep.as_view(verb=tasks.drop), name="api-task-drop"),
    path(f"{_TASK}reopen/", work.TaskStep.as_view(verb=tasks.reopen), name="api-task-reopen"),
    path(f"{_INCIDENT}decisions/", work.DecisionList.as_view(), name="api-decisions"),
    path(f"{_DECISION}decide/", work.DecisionDecide.as_view(), name="api-decision-decide"),
    path(f"{_DECISION}withdraw/", work.DecisionWithdraw.as_view(), name="api-decision-withdraw"),
    path(f"{_INCIDENT}hypotheses/", work.HypothesisList.as_view(), name="api-hypotheses"),
    path(_HYPOTHESIS, work.HypothesisDetail.as_view(), name="api-hypothesis"),
    path(f"{_HYPOTHESIS}confirm/", work.HypothesisConfirm.as_view(), name="api-hypothesis-confirm"),
    path(f"{_HYPOTHESIS}rule-out/", work.HypothesisRuleOut.as_view(), name="api-hypothesis-rule-out"),
    path(f"{_INCIDENT}workstreams/", work.WorkstreamList.as_view(), name="api-workstreams"),
    path(_WORKSTREAM, work.WorkstreamDetail.as_view(), name="api-workstream"),
    path(f"{_WORKSTREAM}report/", work.WorkstreamReport.as_view(), name="api-workstream-report"),
    path(f"{_WORKSTREAM}end/", work.WorkstreamEnd.as_view(), name="api-workstream-end"),
]
