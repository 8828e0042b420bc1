"""Forms of reports: a report to make, texts, a schedule, a line of a donor."""

from flask_babel import lazy_gettext as _
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.reports import labels
from app.reports.domain.donors import CODE_LIMIT, DONOR_LIMIT, WORDING_LIMIT
from app.reports.domain.forms import ReportFormat
from app.reports.domain.runs import ReportKind
from app.web.forms import Form, OneOfField, SomeOfField, trimmed

LONGEST_SUBMISSION = 64
OFFERED = (ReportFormat.PDF, ReportFormat.DOCX, ReportFormat.XLSX)
FORM_PAIRS = [(form.value, labels.FORMS[form]) for form in OFFERED]
KIND_PAIRS = [(kind.value, text) for kind, text in labels.KINDS.items()]


class CountrySheetForm(Form):
    """The sheet of the own country: period, compared period, language, forms."""

    period = OneOfField(_("Quarter"), invalid_choice_message=_("Choose a quarter from the list."))
    compared = OneOfField(_("Compared with"), default="", invalid_choice_message=_("Choose a quarter from the list."))
    language = OneOfField(_("Language"), invalid_choice_message=_("Choose a language from the list."))
    forms = SomeOfField(_("Forms"), default=[form.value for form in OFFERED], choices=[])
    submission = StringField(validators=[Length(max=LONGEST_SUBMISSION)])


class NewReportForm(CountrySheetForm):
    """A report to make; the country, workshop or donor belongs to its kind."""

    kind = OneOfField(_("Report"), KIND_PAIRS, default=ReportKind.QUARTERLY.value)
    country = OneOfField(_("Country"), default="", invalid_choice_message=_("Choose a country from the list."))
    workshop = OneOfField(_("Workshop"), default="", invalid_choice_message=_("Choose a workshop from the list."))
    donor = OneOfField(_("Donor"), default="", invalid_choice_message=_("Choose a donor from the list."))

    @property
    def subject(self) -> str:
        """Return the country, workshop or donor of the chosen kind."""
        fields = {"country": self.country, "workshop": self.workshop, "donors": self.donor}
        field = fields.get(self.kind.data or "")
        return str(field.data or "") if field is not None else ""


class TextsFilterForm(Form):
    """Which texts are shown: kind, period, subject, language."""

    kind = OneOfField(_("Report"), KIND_PAIRS, default=ReportKind.QUARTERLY.value)
    period = OneOfField(_("Quarter"))
    subject = OneOfField(_("Country, workshop or donor"), default="")
    language = OneOfField(_("Language"))


class ScheduleForm(Form):
    """A schedule: kind, period, forms, languages, recipients."""

    kind = OneOfField(_("Report"), KIND_PAIRS, default=ReportKind.QUARTERLY.value)
    subject = OneOfField(_("Country, workshop or donor"), default="")
    period = OneOfField(_("How often"), [(period.value, text) for period, text in labels.PERIODS.items()])
    forms = SomeOfField(_("Forms"), default=[form.value for form in OFFERED], choices=[])
    languages = SomeOfField(_("Languages"), default=[], choices=[])
    recipients = SomeOfField(_("Recipients"), default=[], choices=[])


class DonorLineForm(Form):
    """A line of a donor: its code and wording, and our indicator."""

    donor = StringField(
        _("Donor"), filters=[trimmed], validators=[DataRequired(_("Enter the donor.")), Length(max=DONOR_LIMIT)]
    )
    code = StringField(
        _("Code of the donor"),
        filters=[trimmed],
        validators=[DataRequired(_("Enter the code.")), Length(max=CODE_LIMIT)],
    )
    wording = TextAreaField(
        _("Wording of the donor"),
        filters=[trimmed],
        validators=[DataRequired(_("Enter the wording.")), Length(max=WORDING_LIMIT)],
    )
    indicator = OneOfField(_("Our indicator"), invalid_choice_message=_("Choose an indicator from the list."))
