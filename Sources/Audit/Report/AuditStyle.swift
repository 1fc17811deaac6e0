internal import Crypto
internal import Foundation

/// How an audit report looks: on a screen, in the dark, and on paper. There are no scripts, no fonts and no pictures to fetch, and
/// the policy in the page forbids any.
enum AuditStyle {
    /// What the page may do: nothing but this style, known by its hash.
    static let policy =
        "default-src 'none'; style-src 'sha256-\(Data(SHA256.hash(data: Data(css.utf8))).base64EncodedString())'; "
        + "base-uri 'none'; form-action 'none'"

    static let css = """
        :root{color-scheme:light dark;--ink:#1a1f24;--faint:#5b6670;--paper:#fff;--shade:#f3f5f7;--line:#cfd6dc;--mark:#0b5cad;\
        --bad:#b3261e;--late:#8a5a00}
        @media (prefers-color-scheme:dark){:root{--ink:#e6e9ec;--faint:#9aa5af;--paper:#14181c;--shade:#1e242a;--line:#3a444d;\
        --mark:#7db7f2;--bad:#ff8a80;--late:#e2b866}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,"Noto Sans","Noto Sans CJK SC",\
        "PingFang SC","Microsoft YaHei",sans-serif}
        main{max-width:1120px;margin:0 auto;padding:24px 20px 60px}
        h1{font-size:26px;line-height:1.25;margin:0 0 4px;overflow-wrap:anywhere}
        h2{font-size:19px;margin:34px 0 8px;padding-top:8px;border-top:2px solid var(--line)}
        p{max-width:75ch;margin:6px 0}
        .zh{font-weight:normal;color:var(--faint);margin-left:.35em}
        .faint{color:var(--faint)}
        .bad{color:var(--bad);font-weight:600}
        .late{color:var(--late)}
        dl.head{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:14px 0}
        dl.head dt{color:var(--faint)}
        dl.head dd{margin:0;overflow-wrap:anywhere}
        code,pre,.mono{font:12px/1.45 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
        pre{background:var(--shade);padding:10px;white-space:pre-wrap}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;margin:8px 0;font-size:13px;line-height:1.4}
        caption{text-align:left;color:var(--faint);padding:4px 0}
        th,td{text-align:left;vertical-align:top;padding:4px 8px;border-bottom:1px solid var(--line)}
        td{overflow-wrap:anywhere}
        thead th{background:var(--shade);white-space:nowrap}
        tbody th{font-weight:600;white-space:nowrap}
        .time{white-space:nowrap}
        .k{color:var(--faint)}
        .number td{text-align:right;white-space:nowrap}
        table.events td:nth-child(5){min-width:190px;overflow-wrap:normal}
        table.proofs td:nth-child(2){min-width:120px}
        a{color:var(--mark);text-decoration:none}
        a:focus,a:hover{text-decoration:underline}
        ul.plain{list-style:none;margin:0;padding:0}
        svg{display:block;width:100%;height:auto;margin:10px 0}
        svg text{font:10px system-ui,"Noto Sans","Noto Sans CJK SC",sans-serif;fill:var(--faint)}
        svg .lane{font-size:11px;fill:var(--ink);font-weight:600}
        svg .n{font-size:8px;text-anchor:middle}
        svg .rule{stroke:var(--line);stroke-width:1}
        svg .gap{stroke:var(--line);stroke-width:1;stroke-dasharray:3 3}
        svg .dot{fill:var(--mark);stroke:var(--paper);stroke-width:1}
        svg .decision{fill:var(--ink)}
        svg .correction,svg .breach{fill:var(--bad)}
        svg .recorded{fill:none;stroke:var(--late);stroke-width:1.5}
        svg .arrow{fill:none;stroke:var(--bad);stroke-width:1.3}
        svg .tip{fill:var(--bad)}
        svg .bar{fill:var(--mark)}
        @page{size:A4;margin:14mm 12mm}
        @media print{:root{--ink:#000;--faint:#444;--paper:#fff;--shade:#eee;--line:#bbb;--mark:#003f7d;--bad:#9c1b14;\
        --late:#6b4600}body{font-size:10.5pt}main{max-width:none;padding:0}.scroll{overflow:visible}table{font-size:8.5pt}\
        h2{break-after:avoid}tr,svg,pre{break-inside:avoid}thead{display:table-header-group}a{color:inherit}\
        table.number{font-size:6.5pt}table.number th,table.number td{padding:2px 3px}\
        table.events td:nth-child(5){min-width:32mm}\
        .mono,code,pre{font-size:7.5pt}table.proofs .mono{font-size:6pt;line-height:1.25}table.proofs td{padding:1px 6px}\
        table.proofs td:nth-child(2){min-width:44mm}}

        """
}
