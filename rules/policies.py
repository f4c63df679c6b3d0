"""An institution's own rules: floors with what to do about them, from its folder and from what it suspended."""

from collections.abc import Iterable, Iterator
from importlib.resources.abc import Traversable

from pydantic import Field

from knowledge.errors import DataError, Faults, nearest
from knowledge.institution import overlay_records
from knowledge.models import Bilingual, Flag, Id, Knowledge, Record
from knowledge.records import by_id, parse_all
from rules.lawful import breaches_alone, tell_public, unadvised
from rules.loader import conditions
from rules.models import Condition, Rule, RuleBase
from rules.vocabulary import SERVICE

RULES = "rules.toml"
ADVICE = "measure."
"""How the ids of the rules begin that tell what a floor names to be done (no other rule may)."""
SUSPENSION, PLAN_UNKNOWN = "suspended.", ".plan"
"""How the ids of the rules begin that a suspension makes (no other rule may), and end where it is of one plan."""
LONGEST, MOST = 54, 9
"""Characters of a rule's id and measures that it names, so that the advice made of them has an id as well."""
ELSEWHERE = "another_service"
"""What to do about a suspended service."""
SUSPENDED = Bilingual(
    ja="所属機関がこのサービスの利用を停止しています。再開の知らせがあるまで入力しないでください。",
    en="Your institution has suspended this service: enter nothing until it says that the service may be used again.",
)
PLAN_SUSPENDED = Bilingual(
    ja="所属機関がこのサービスのプランの一つを停止しています。ご利用のプランを先に確かめてください。",
    en="Your institution has suspended a plan of this service: first make sure which plan you use.",
)


class Policy(Record):
    """A floor of the institution. `measures`: what to do where it holds, told whenever it does.

    `institution_policy`: it is meant, even where it breaks a law of the tables.
    """

    id: Id = Field(max_length=LONGEST)
    when: Condition = Field(min_length=1)
    then: str
    cites: tuple[Id, ...] = Field(min_length=1)
    because: Bilingual
    measures: tuple[Id, ...] = Field(default=(), max_length=MOST)
    institution_policy: Flag = False

    def floor(self) -> Rule:
        """Return the rule that raises the verdict."""
        return self._rule(self.id, "verdict", self.then)

    def advice(self) -> Iterator[Rule]:
        """Yield a rule for each measure: it is told wherever the floor holds."""
        for number, measure in enumerate(self.measures, 1):
            yield self._rule(f"{ADVICE}{self.id}{f'.{number}' if number > 1 else ''}", "measures", measure)

    def _rule(self, name: str, target: str, then: str) -> Rule:
        return Rule(id=name, target=target, when=self.when, then=then, cites=self.cites, because=self.because)


def load_policies(knowledge: Knowledge, folder: Traversable) -> tuple[Policy, ...]:
    """Load the rules, and one for every suspended service. Raises DataError naming file, id and fault."""
    stopped = (policy for service in _suspended(knowledge) for policy in _suspension(service, knowledge))
    return (*stopped, *(_of_plans(policy, knowledge) for policy in read_policies(folder)))


def read_policies(folder: Traversable) -> tuple[Policy, ...]:
    """Return the rules of the folder as written. Raises DataError naming file, id and every fault."""
    records = overlay_records(folder, RULES, "rule")["rule"]
    written = ({**record, "when": conditions(record)} if "when" in record else record for record in records)
    own = parse_all(Policy, written, RULES)
    found = by_id(own, RULES)
    for name in found:
        for kept, use in ((SUSPENSION, "suspensions"), (ADVICE, "what rules name in `measures`")):
            if name.startswith(kept):
                raise DataError(RULES, name, f"ids that begin with {kept!r} are kept for {use}; choose another")
    return tuple(found.values())


def check_measures(policies: Iterable[Policy], knowledge: Knowledge) -> None:
    """Raise DataError for measures that there are not, or that a rule names twice."""
    faults = Faults()
    for policy in policies:
        for measure in policy.measures:
            with faults.gathered():
                if measure not in knowledge.measures:
                    fault = f"measures: unknown measure {measure!r}{nearest(measure, knowledge.measures)}"
                    raise DataError(RULES, policy.id, fault)
                if policy.measures.count(measure) > 1:
                    raise DataError(RULES, policy.id, f"measures: {measure!r} is named twice")
    faults.tell()


def check_policies(national: RuleBase, merged: RuleBase, policies: Iterable[Policy]) -> None:
    """Raise DataError with the smallest counterexample for each floor that cannot stand so.

    It breaks a law and does not say that it is meant, or raises a verdict with nothing to do about it.
    """
    faults = Faults()
    own = tuple(policies)
    unmeant = [policy for policy in own if not policy.institution_policy]
    only = [policy.id for policy in unmeant if "public_data_only" in policy.measures]
    broken_by = (*breaches_alone(national, merged, [policy.id for policy in unmeant]), *tell_public(merged, only))
    for name, broken in broken_by:
        with faults.gathered():
            fault = f"is not {broken.law}: {broken.says} (smallest counterexample: {broken.told})"
            raise DataError(RULES, name, f"{fault}; write institution_policy = true if that is meant")
    for name, bare in unadvised(merged, [policy.id for policy in own]):
        with faults.gathered():
            fault = f"{bare.says} (smallest case: {bare.told})"
            raise DataError(RULES, name, f'{fault}; name what to do, such as measures = ["{ELSEWHERE}"]')
    faults.tell()


def _suspension(service: str, knowledge: Knowledge) -> Iterator[Policy]:
    """The service is refused; where one plan is, its brand without a plan waits until the plan is known."""
    name, plan = f"{SUSPENSION}{service}", knowledge.services.get(service)
    yield _stop(name, _with_plans(frozenset((service,)), knowledge), "do_not_upload", SUSPENDED)
    if plan and plan.brand not in knowledge.services and plan.brand not in _suspended(knowledge):
        yield _stop(f"{name}{PLAN_UNKNOWN}", frozenset((plan.brand,)), "confirm_first", PLAN_SUSPENDED)


def _suspended(knowledge: Knowledge) -> tuple[str, ...]:
    return knowledge.institution.suspended if knowledge.institution else ()


def _stop(name: str, services: frozenset[str], verdict: str, because: Bilingual) -> Policy:
    return Policy(
        id=name,
        when={SERVICE: services},
        then=verdict,
        cites=("principle.contracts",),
        because=because,
        measures=(ELSEWHERE,),
        institution_policy=True,
    )


def _of_plans(policy: Policy, knowledge: Knowledge) -> Policy:
    """Return the rule with every plan of the brands that it names."""
    if SERVICE not in policy.when:
        return policy
    plans = _with_plans(policy.when[SERVICE], knowledge)
    return policy.model_copy(update={"when": {**policy.when, SERVICE: plans}})


def _with_plans(services: frozenset[str], knowledge: Knowledge) -> frozenset[str]:
    """A brand stands for all its plans, and for itself where the plan was not said; a plan's id for that plan alone."""
    brands = services - knowledge.services.keys()
    return services | {plan.id for plan in knowledge.services.values() if plan.brand in brands}
