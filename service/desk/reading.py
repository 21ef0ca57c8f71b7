"""The pages that read a map: whoever imports this has declared them."""

from service.desk import area_page, map_pages, report_page, representing_page, statements_pages, what_if_pages

PAGES = (area_page, map_pages, report_page, representing_page, statements_pages, what_if_pages)
