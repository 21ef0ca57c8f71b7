"""The words of the pages that read a map: report, statements and map."""

from service.desk.texts_map_en import MAP_ENGLISH
from service.desk.texts_map_nl import MAP_DUTCH
from service.desk.texts_report_en import REPORT_ENGLISH
from service.desk.texts_report_nl import REPORT_DUTCH
from service.desk.texts_representing_en import REPRESENTING_ENGLISH
from service.desk.texts_representing_nl import REPRESENTING_DUTCH
from service.desk.texts_statements_en import STATEMENTS_ENGLISH
from service.desk.texts_statements_nl import STATEMENTS_DUTCH

READING_ENGLISH = {**REPORT_ENGLISH, **STATEMENTS_ENGLISH, **MAP_ENGLISH, **REPRESENTING_ENGLISH}
READING_DUTCH = {**REPORT_DUTCH, **STATEMENTS_DUTCH, **MAP_DUTCH, **REPRESENTING_DUTCH}
