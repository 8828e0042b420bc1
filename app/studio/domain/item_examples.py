"""A working example for each kind of question, as it is written in `test.<lang>.md`."""

from collections.abc import Mapping

from app.catalogue.domain.items import ItemKind

_SINGLE = """\
## E01-Q01
kind: single
competency: COP-06
form: A
cite: national-law
pass_value: 0.7

A colleague offers you a photograph from a closed case for your lesson. What do you do?

---

- [ ] I use it without the face of the person
  > A place, a scar or a dress can identify a person, too.
- [x] I draw what learners must notice
  > Right: a drawing shows the sign and exposes no person.
- [ ] I use it, because the case is over
  > The end of a case does not end the right to privacy.

/// hint
Ask who could recognise the person.
///"""

_SEVERAL = """\
## E01-Q02
kind: several
competency: COP-06
form: B
cite: national-law
pass_value: 0.7

Which of these can you use in an example? Choose all that fit.

---

- [x] The domain harbour.example
  > Right: no person or company can own a name that ends in .example.
- [ ] The plate of a car that you once stopped
  > A plate leads to its owner.
- [x] The town Saltmere
  > Right: the town is invented.
- [-50%] The first name of a witness
  > A first name with a date and a place is enough to find a person."""

_TRUEFALSE = """\
## E01-Q03
kind: truefalse
competency: COP-06
cite: national-law
pass_value: 0.8

Learners see a new version of a course in the middle of a lesson.

---

- [ ] True
  > No: the text does not change while they read.
- [x] False
  > Right: the new version is offered between lessons."""

_ORDER = """\
## E01-Q04
kind: order
competency: COP-06
cite: national-law
pass_value: 0.7

You write a lesson. In which order do you work?

---

1. Write down what learners can do afterwards
   > The outcome comes first: it decides what belongs in the lesson.
2. Write the questions
   > Questions show whether the outcome can be measured.
3. Write the text
   > The text has what the questions need, and no more."""

_MATCH = """\
## E01-Q05
kind: match
competency: COP-06
cite: national-law
pass_value: 0.7

Which kind of version fits the change?

---

| Change | Kind |
|---|---|
| A spelling mistake | editorial |
| A new section | substantive |
| A wrong telephone number for help | urgent |
|  | reserve |"""

_SORT = """\
## E01-Q06
kind: sort
competency: COP-06
cite: national-law
pass_value: 0.7

Where does each line belong?

---

### Text of the lesson
- What learners must notice
  > The text shows it with an example.
- Why it matters

### Country note
- The number of the article in one country
- The office that one country calls"""

_NUMBER = """\
## E01-Q07
kind: number
competency: COP-06
cite: national-law
pass_value: 0.7
unit: words

Readers manage 140 words a minute. How many words fit into a lesson of 10 minutes?

---

= 1400 ± 100
  > Right: ten times 140.
= 1400 ± 400 [50%]
  > Near. Ten times 140 is 1400."""

_SHORT = """\
## E01-Q08
kind: short
competency: COP-06
cite: national-law
pass_value: 0.7

Which ending of a domain is reserved for examples?

---

= .example
= example*org [50%]
  > This is a reserved domain. The question asks for the ending."""

_GAPS = """\
## E01-Q09
kind: gaps
competency: COP-06
cite: national-law
pass_value: 0.7

Complete the rule.

---

Every claim of law has a {=source|citation}. Put the text about one country into a {~tip|=country note|table}."""

_PASSAGES = """\
## E01-Q10
kind: passages
competency: COP-06
cite: national-law
pass_value: 0.7

Mark what must be removed before the text is published.

---

{{- A man came to the harbour at night. }} {{+ His name and the number of his passport were written down. }}
{{- An officer offered him water. }}"""

_OPEN = """\
## E01-Q11
kind: open
competency: COP-06
cite: national-law
pass_value: 0.7

Write three outcomes for a lesson about the first talk with a possible victim.

---

| Criterion | Points | What earns them |
|---|---|---|
| A verb that can be observed | 2 | such as "asks", "writes", "calls" |
| A condition | 1 | such as "without the driver" |"""

_RATING = """\
## E01-Q12
kind: rating
competency: COP-06
cite: national-law
pass_value: 0.7
scale: 1..5

How well does each sentence suit a lesson? 1: not at all. 5: very well.

---

- Ask her alone. = 4..5
  > Short, and it says what to do.
- The aforementioned provisions shall be complied with. = 1..2
  > It does not say what to do."""

_MARK = """\
## E01-Q13
kind: mark
competency: COP-06
cite: national-law
pass_value: 0.6
document: E01-D01

Mark the line in which a debt begins.

---

+ debt-begins
  > Here it begins: the sum is missing.
- 1
  > A price that can be paid at once is no debt.
~ 4"""

_PAIR = """\
## E01-Q14
kind: pair
competency: COP-06
cite: national-law
pass_value: 0.6
document: E01-D01, E01-D02

Find the two lines that contradict each other.

---

+ E01-D01:hours x E01-D02:3
  > Eight hours in the message, eleven in the book of the gate.
- E01-D01:1 x E01-D02:1
  > A price and a date do not speak of the same thing."""

_FIELDS = """\
## E01-Q15
kind: fields
competency: COP-06
cite: national-law
pass_value: 0.6
document: E01-D01, E01-D03

Fill in the form from the note. Leave a field empty where nothing may be written.

---

Name and language = *arabic*
Wishes for today = *sleep*
Wishes for today = *rest*
Wishes for today ! The person asked to sleep first.
Legal finding -
Legal finding ! A referral needs no legal finding."""

ITEMS: Mapping[ItemKind, str] = {
    ItemKind.SINGLE: _SINGLE,
    ItemKind.SEVERAL: _SEVERAL,
    ItemKind.TRUEFALSE: _TRUEFALSE,
    ItemKind.ORDER: _ORDER,
    ItemKind.MATCH: _MATCH,
    ItemKind.SORT: _SORT,
    ItemKind.NUMBER: _NUMBER,
    ItemKind.SHORT: _SHORT,
    ItemKind.GAPS: _GAPS,
    ItemKind.PASSAGES: _PASSAGES,
    ItemKind.OPEN: _OPEN,
    ItemKind.RATING: _RATING,
    ItemKind.MARK: _MARK,
    ItemKind.PAIR: _PAIR,
    ItemKind.FIELDS: _FIELDS,
}
