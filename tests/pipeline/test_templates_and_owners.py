"""What people fill in on the forge, and who must agree to what."""

import re

import pytest
import yaml
from workflows import GITHUB, NODE_TOOLS, ROOT, load

FORMS = sorted((GITHUB / "ISSUE_TEMPLATE").glob("[0-9]*.yml"))
each_form = pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)


def template_section(clause):
    """The ticked lines under the heading that names `clause` in the pull request template."""
    text = (GITHUB / "pull_request_template.md").read_text(encoding="utf-8")
    (section,) = [part for part in re.split(r"^## ", text, flags=re.MULTILINE) if clause in part.splitlines()[0]]
    return "\n".join(re.findall(r"^- \[ \] .*(?:\n {6}.*)*", section, re.MULTILINE))


@pytest.mark.parametrize(
    "words",
    [
        "需求部门提出",
        "真实、可靠",
        "符合公司信息发布管理规定",
        "同意张贴",
        "个人信息",
        "requesting department",
        "true and reliable",
        "publication rules",
        "no personal data",
    ],
)
def test_the_requester_vouches_for_p_1_2(words):
    """A pull request carries what the requesting department vouches for (P-1.2), Chinese and English."""
    assert words in template_section("P-1.2")


@pytest.mark.parametrize(
    "words",
    [
        "真实",
        "可靠",
        "合规",
        "不损害公司形象",
        "商业广告",
        "法律法规",
        "True",
        "Reliable",
        "Compliant",
        "Harmless",
        "No commercial advertising",
        "No breach of law",
    ],
)
def test_the_approver_vouches_for_p_7_1(words):
    """A pull request carries what the approver vouches for (P-7.1), Chinese and English."""
    assert words in template_section("P-7.1")


@each_form
def test_issue_forms_are_whole(path):
    """Every issue form has what GitHub asks of one, and leads with Chinese."""
    form = load(path)
    assert form["name"][0] > "\u4dff"
    assert form["description"]
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert len({field["id"] for field in fields}) == len(fields)
    for field in fields:
        assert field["type"] in {"input", "textarea", "dropdown", "checkboxes"}
        assert re.match(r"[\u4e00-\u9fff].* [A-Z]", field["attributes"]["label"])


@each_form
def test_issue_forms_ask_for_no_personal_data(path):
    """An issue is public, so every form opens with what not to write there."""
    opening = load(path)["body"][0]
    assert opening["type"] == "markdown"
    assert "个人信息" in opening["attributes"]["value"]


def options(field_id):
    """What a dropdown of the request form offers."""
    (field,) = [
        one for one in load(GITHUB / "ISSUE_TEMPLATE" / "1-notice-request.yml")["body"] if one.get("id") == field_id
    ]
    return field["attributes"]["options"]


@pytest.mark.parametrize("field", ["kinds", "channels"])
def test_the_request_form_offers_what_the_board_knows(field):
    """Kinds and channels on the request form are the board's own, under the same names."""
    words = yaml.safe_load((ROOT / "site_templates/i18n/zh/words.yml").read_text(encoding="utf-8"))
    offered = options({"kinds": "kind", "channels": "channels"}[field])
    assert [option.split()[0] for option in offered] == list(words[field].values())


def test_the_request_form_offers_the_estates_departments():
    """Departments on the request form are those of the estate's settings."""
    settings = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    (board,) = [plugin["gaoshi"] for plugin in settings["plugins"] if "gaoshi" in plugin]
    assert options("department") == [f"{name['zh']} {name['en']}" for name in board["departments"].values()]


@pytest.mark.parametrize(
    "guarded", [".github/", "generator/", "mkdocs.yml", "site_templates/", "records/", "notices/", "Makefile", "tools/"]
)
def test_code_owners_guard_what_speaks_for_the_estate(guarded):
    """Everything that decides what is published has an owner."""
    lines = (GITHUB / "CODEOWNERS").read_text(encoding="utf-8").splitlines()
    rules = [line.split() for line in lines if line and not line.startswith("#")]
    owners = [owners for pattern, *owners in rules if pattern in ("*", "/" + guarded)][-1]
    assert owners
    assert all(re.fullmatch(r"@cloudtop-example/[a-z-]+", owner) for owner in owners)


def test_notices_are_owned_by_the_heads():
    """A notice is reviewed by the head of the service centre or a deputy (P-7.1)."""
    assert re.search(
        r"^/notices/ +@cloudtop-example/service-centre-heads$",
        (GITHUB / "CODEOWNERS").read_text(encoding="utf-8"),
        re.MULTILINE,
    )


def test_dependabot_watches_all_that_we_build_on():
    """Actions, Python and npm packages are all kept up to date, where their manifests are."""
    updates = load(GITHUB / "dependabot.yml")["updates"]
    watched = {(update["package-ecosystem"], update["directory"]) for update in updates}
    assert watched == {("github-actions", "/"), ("pip", "/"), ("npm", "/tests/browser"), ("npm", "/tests/forges")}
    assert (ROOT / "tests/forges/package-lock.json").exists()
    assert (ROOT / "pyproject.toml").exists()
    assert (NODE_TOOLS / "package-lock.json").exists()
