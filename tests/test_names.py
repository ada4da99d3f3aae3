"""Names as text and as LaTeX: indices, Greek letters and accents, and what no name should be."""

import logging
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.mathtext import MathTextParser

from autograd.names import LONGEST, latex_name, right_to_left, shown, text_name

NASTY = [
    "a\"b'c", "<script>alert(1)</script>", "two\nlines", "tab\there", "cost$", "$$", "$a$ $b$", "a\\b", "\\frac{1}{2}",
    "\\\\", "x" * 300, "שלום", "x مرحبا", "a_b_c", "{", "}", "{}{}", "%", "&", "&lt;", "#", "~^`|", "`code`", "漢字",
    "x̄", "\u202eevil", "\ud800", "\u200b", "∂", "-1", "3", "a + b", "a*b", "[x]", "_", "__", "x_", "x_,", "a,b", "1_2",
    "'", "''", "′", "′4", "two words′", "👍", "@@0@@", "]]>",
]  # fmt: skip
every_nasty_name = pytest.mark.parametrize("name", NASTY, ids=[ascii(name)[:20] for name in NASTY])


@pytest.fixture(scope="module")
def typesets():
    logging.getLogger("matplotlib.mathtext").setLevel(logging.ERROR)  # its fonts lack some of the characters
    parser = MathTextParser("agg")
    return lambda latex: parser.parse(f"${latex}$")


@pytest.mark.parametrize(
    ("name", "text", "latex"),
    [
        ("x", "x", "x"),
        ("x1", "x₁", "x_{1}"),
        ("v12", "v₁₂", "v_{12}"),
        ("x_1", "x₁", "x_{1}"),
        ("w1_52", "w⁽¹⁾₅₂", "w^{(1)}_{52}"),
        ("w2_10,3", "w⁽²⁾₁₀,₃", "w^{(2)}_{10,3}"),
        ("w2_10_3", "w⁽²⁾₁₀,₃", "w^{(2)}_{10,3}"),
        ("a_1_2", "a₁,₂", "a_{1,2}"),
        ("w15_2", "w⁽¹⁵⁾₂", "w^{(15)}_{2}"),
        ("w152", "w₁₅₂", "w_{152}"),
        ("x_i", "x_i", "x_{i}"),
        ("x_max", "x_max", r"x_{\mathrm{max}}"),
        ("x1_max", "x₁_max", r"x_{1,\mathrm{max}}"),
        ("loss", "loss", r"\mathrm{loss}"),
        ("loss_train", "loss_train", r"\mathrm{loss}_{\mathrm{train}}"),
        ("alpha", "α", r"\alpha"),
        ("delta2_5", "δ⁽²⁾₅", r"\delta^{(2)}_{5}"),
        ("Delta", "Δ", r"\Delta"),
        ("lambda_", "λ", r"\lambda"),
        ("σ2", "σ₂", r"\sigma_{2}"),
        ("ŷ", "ŷ", r"\hat{y}"),
        ("ŷ2", "ŷ₂", r"\hat{y}_{2}"),
        ("x′", "x′", "x'"),
        ("x''", "x′′", "x''"),
        ("x′4", "x′4", r"x^{\prime 4}"),
        ("w1_52′", "w⁽¹⁾₅₂′", "{w^{(1)}_{52}}'"),
        ("my name 2", "my name 2", r"\text{my name 2}"),
        ("layers.0.w", "layers.0.w", r"\text{layers.0.w}"),
    ],
)
def test_a_name_as_text_and_as_latex(name, text, latex):
    assert (text_name(name), latex_name(name)) == (text, latex)


@pytest.mark.parametrize(
    ("name", "accent", "text", "latex"),
    [
        ("v3", "bar", "v̄₃", r"\bar{v}_{3}"),
        ("v3", "dot", "v̇₃", r"\dot{v}_{3}"),
        ("w1_52", "bar", "w̄⁽¹⁾₅₂", r"\bar{w}^{(1)}_{52}"),
        ("alpha", "bar", "ᾱ", r"\bar{\alpha}"),
        ("loss", "bar", "l̄oss", r"\overline{\mathrm{loss}}"),
        ("ŷ", "bar", "ŷ̄", r"\bar{\hat{y}}"),
        ("x′", "dot", "ẋ′", r"\dot{x}'"),
        ("a b", "bar", "bar(a b)", r"\overline{\text{a b}}"),
        ("a b", "dot", "dot(a b)", r"\dot{\text{a b}}"),
    ],
)
def test_an_accent_stands_over_the_letter(name, accent, text, latex):
    assert (text_name(name, accent), latex_name(name, accent)) == (text, latex)


def test_markup_in_a_name_is_spelled_out():
    assert latex_name(r"\a{b}_c^d$") == r"\backslash \text{a}\{\text{b}\}\_\text{c}\wedge \text{d}\$"


def test_right_to_left_text_is_recognized():
    assert [right_to_left(text) for text in ("x₁", "漢字", "שלום", "x مرحبا")] == [False, False, True, True]


@every_nasty_name
def test_any_name_stays_on_one_line_of_bearable_length(name):
    text = text_name(name)
    assert text.isprintable()
    assert 0 < len(text) <= LONGEST


@every_nasty_name
@pytest.mark.parametrize("accent", ["", "bar", "dot"])
def test_the_latex_of_any_name_compiles(name, accent, typesets):
    typesets(latex_name(name, accent))


@every_nasty_name
@pytest.mark.parametrize("use", [r"\frac{%s}{%s}", r"\left(%s\right)^{2}", "e^{%s}", r"{%s}_{1}"])
def test_the_latex_of_any_name_can_be_used_in_a_formula(name, use, typesets):
    typesets(use.replace("%s", latex_name(name)))


@every_nasty_name
def test_the_latex_of_a_name_opens_no_html_tag_and_ends_no_formula(name):
    latex = latex_name(name)
    assert "$" not in latex.replace(r"\$", "")
    assert "`" not in latex  # Markdown takes a formula between backticks for code
    assert all(after in " }" for c, after in pairwise(latex) if c == "<")
    assert "|" not in latex


@given(st.text(min_size=1, max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_at_all_is_a_name(name):
    assert shown(name).isprintable()
    assert text_name(name).isprintable()
    latex = latex_name(name).replace(r"\{", "").replace(r"\}", "").replace(r"\backslash", "")
    assert latex.count("{") == latex.count("}")
    assert "$" not in latex.replace(r"\$", "")
    assert "\n" not in latex
