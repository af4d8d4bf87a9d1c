"""Where MiniStack 1.5.33 differs from AWS in what this project relies on, put right.

Each patch says what it is for; tests/journeys/test_patches.py fails as soon as a new version of
the emulator no longer needs one. No file of the emulator is changed.
"""

import atexit
import json
import logging
import re
import threading
import time

from ministack import app
from ministack.core import persistence
from ministack.core.responses import request_scope
from ministack.services import apigateway, ecs, lambda_svc, stepfunctions
from ministack.services.cloudformation import provisioners

from stacks.local.place import Place
from stacks.local.processes import Engine

type Json = dict[str, object]
type Reply = tuple[int, dict[str, str], bytes]

AUTOSAVE_INTERVAL_S = 5
TASK_POLL_INTERVAL_S = 0.2
RESUME_DELAY_S = 2  # the server answers by then
INTERRUPTED = "States.ServiceRestart"

# What the emulator says of a function's process that was killed, or that it ended and cleared
# away itself: where one does not start, it does so with all of the function's.
_DIED = re.compile(
    r"Worker process (died|exited)|Worker returned no|\[Errno 32\]|Failed to resolve layer"
    r"|.*ministack-lambda-|Worker init failed: No module|'NoneType' object has no attribute 'std"
)
_RAISED = re.compile(r"^(?:[A-Za-z_]\w*\.)*([A-Za-z_]\w*)(?::.*)?$")


def apply_all(place: Place) -> None:
    """Patch the emulator in this process, before it serves."""
    run_tasks_as_processes(place)
    name_lambda_errors()
    watch_tasks()
    stop_tasks_with_their_execution()
    limit_maps()
    resume_executions()
    say_provider_url()
    overlook_last_slashes()
    save_regularly()


def run_tasks_as_processes(place: Place) -> None:
    """ECS starts tasks through Docker, which this machine need not have."""
    engine = Engine(place)
    ecs._docker = engine  # noqa: SLF001 (the emulator has no public way)
    atexit.register(engine.close)


def name_lambda_errors() -> None:
    """AWS names a failed invocation after the exception's class; Retry and Catch rely on it."""
    execute = lambda_svc._execute_function_warm  # noqa: SLF001

    def named(func: Json, event: object, request_id: str) -> Json:
        result: Json = execute(func, event, request_id)
        body = result.get("body")
        if result.get("error") and isinstance(body, dict):
            body["errorType"] = (
                _name_of(str(body["errorMessage"]), str(result.get("log"))) or (body["errorType"])
            )
        return result

    lambda_svc._execute_function_warm = named  # noqa: SLF001


def _name_of(message: str, log: str) -> str | None:
    """AWS's name of a failed invocation; None = as the emulator says."""
    return "Runtime.ExitError" if _DIED.match(message) else raised_class(log)


def raised_class(log: str) -> str | None:
    """The class that a traceback at the end of a log names; None = there is none.

    The message may have several lines, so the line is sought that follows the last frame.
    """
    _, found, last = log.rpartition("Traceback (most recent call last):")
    if not found:
        return None
    after_frames = [line for line in last.splitlines()[1:] if line and not line.startswith(" ")]
    match = _RAISED.match(after_frames[0]) if after_frames else None
    return match.group(1) if match else None


def watch_tasks() -> None:
    """`ecs:runTask.sync` fails on a container's exit code, and is not over after ten minutes."""

    def wait(cluster: str, task_arns: list[str]) -> Json:
        while True:
            _, _, body = ecs._describe_tasks({"cluster": cluster, "tasks": task_arns})  # noqa: SLF001
            reply: Json = json.loads(body)
            tasks = _dicts(reply.get("tasks"))
            if all(task.get("lastStatus") == "STOPPED" for task in tasks):
                break
            time.sleep(TASK_POLL_INTERVAL_S)
        for task in tasks:
            if any(each.get("exitCode") != 0 for each in _dicts(task.get("containers"))):
                raise stepfunctions._ExecutionError("States.TaskFailed", json.dumps(task))  # noqa: SLF001
        return reply

    stepfunctions._poll_ecs_tasks = wait  # noqa: SLF001


def stop_tasks_with_their_execution() -> None:
    """Stopping an execution stops the task that it waits for."""
    stop = stepfunctions._stop_execution  # noqa: SLF001

    def stop_both(data: dict[str, str]) -> Reply:
        reply: Reply = stop(data)
        name = data["executionArn"].rsplit(":", 1)[-1]
        for (account, region, _), task in ecs._tasks.all_items():  # noqa: SLF001
            if task["lastStatus"] != "STOPPED" and name in json.dumps(task["overrides"]):
                # Not here: this is the server's event loop, and the process may take its time.
                threading.Thread(target=_stop_task, args=(account, region, task)).start()
        return reply

    stepfunctions._stop_execution = stop_both  # noqa: SLF001


def limit_maps() -> None:
    """A distributed Map runs no more items at once than its `MaxConcurrencyPath` says."""
    run = stepfunctions._run_distributed_map  # noqa: SLF001

    def limited(state: Json, raw: object, effective: object, *others: object) -> object:
        path = state.get("MaxConcurrencyPath")
        most = stepfunctions._resolve_path(path, effective) if path else None  # noqa: SLF001
        return run({"MaxConcurrency": most, **state}, raw, effective, *others)

    stepfunctions._run_distributed_map = limited  # noqa: SLF001


def resume_executions() -> None:
    """AWS's executions outlive any machine; the emulator's end with it. Start those again.

    They begin at their first state with the same name and input, which this project's
    workflows allow at any time.
    """
    restore = stepfunctions.load_persisted_state

    def restore_and_resume(data: Json) -> None:
        restore(data)
        threading.Timer(RESUME_DELAY_S, _resume_interrupted).start()

    stepfunctions.load_persisted_state = restore_and_resume


def say_provider_url() -> None:
    """CloudFormation's `Fn::GetAtt Pool.ProviderURL`, the issuer, is missing from user pools."""
    known = provisioners._cognito_user_pool_attributes  # noqa: SLF001

    def attributes(pool_id: str) -> dict[str, str]:
        values: dict[str, str] = known(pool_id)
        return {**values, "ProviderURL": f"https://{values['ProviderName']}"}

    provisioners._cognito_user_pool_attributes = attributes  # noqa: SLF001


def overlook_last_slashes() -> None:
    """To an HTTP API `/door/` is `/door` when it looks for the route."""
    match = apigateway._match_route  # noqa: SLF001

    def overlooking(api_id: str, method: str, path: str) -> Json | None:
        route: Json | None = match(api_id, method, path.rstrip("/") or "/")
        return route

    apigateway._match_route = overlooking  # noqa: SLF001


def save_regularly() -> None:
    """The emulator saves its state at a clean end only; power cuts are not clean."""
    logging.getLogger("persistence").setLevel(logging.WARNING)

    def loop() -> None:
        while True:
            time.sleep(AUTOSAVE_INTERVAL_S)
            persistence.save_all(app._build_persistence_save_dict())  # noqa: SLF001

    threading.Thread(target=loop, daemon=True, name="autosave").start()


def _stop_task(account: str, region: str, task: dict[str, str]) -> None:
    with request_scope(account, region):
        request = {"cluster": task["clusterArn"], "task": task["taskArn"]}
        ecs._stop_task(request | {"reason": "its execution was stopped"})  # noqa: SLF001


def _resume_interrupted() -> None:
    executions = stepfunctions._executions  # noqa: SLF001
    for (account, region, arn), execution in executions.all_items():
        if execution.get("error") != INTERRUPTED:
            continue
        with request_scope(account, region):
            executions.pop(arn)
            names = ("stateMachineArn", "name", "input")
            stepfunctions._start_execution({name: execution[name] for name in names})  # noqa: SLF001


def _dicts(value: object) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
