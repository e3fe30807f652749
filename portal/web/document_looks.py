"""The looks of documents that are handed out: a page of its own needs them inside it."""

import base64

# For the screen; on paper a heading stays with what it heads, and a page that is lost is missed by its number.
_CSS = """
body{font-family:system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;line-height:1.5;color:#1b1b1b}
h1{line-height:1.2}
h2{margin:2.5rem 0 .5rem;border-bottom:1px solid #767676}
h3{margin:1.6rem 0 .5rem;font-size:1.05rem}
a{color:#0b5563}
.contents li{margin:0 0 .4rem}
.contents span,.holds,.up,.quiet{color:#4a4a4a}
.note{border-left:.25rem solid #0b5563;padding:.1rem 0 .1rem .8rem}
.up{font-size:.9rem}
dl{display:grid;grid-template-columns:minmax(8rem,2fr) 3fr;gap:.1rem 1rem;margin:0 0 1rem;padding:.6rem .8rem;
border:1px solid #ccc;border-radius:.4rem}
dt{font-weight:600}
dd{margin:0;overflow-wrap:anywhere;white-space:pre-line}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin:0 0 1rem}
td,th{text-align:left;vertical-align:top;border-bottom:1px solid #ccc;padding:.25rem .6rem .25rem 0}
@media (max-width:32rem){dl{display:block}dd{margin:0 0 .4rem}}
@media print{
@page{margin:2cm;@bottom-right{content:counter(page) " / " counter(pages)}}
body{max-width:none;margin:0;padding:0;font-size:10pt;line-height:1.35;color:#000}
h2{margin-top:1.5rem}
dl{margin-bottom:.6rem;padding:.3rem .6rem;gap:0 1rem}
a{color:inherit;text-decoration:none}
.up{display:none}
.contents{font-size:9.5pt}
.contents li{margin:0}
.contents br{display:none}
.contents span::before{content:" \\2013  "}
.first{break-before:page}
h2,h3,.holds,.note{break-after:avoid;break-inside:avoid}
dl,tr,.contents li{break-inside:avoid}
thead{display:table-header-group}
.scroll{overflow:visible}
p{orphans:3;widows:3}
}
"""


def looks() -> str:
    """The style sheet as an address of its own, so that the page needs no other file."""
    return "data:text/css;base64," + base64.b64encode(_CSS.encode()).decode()
