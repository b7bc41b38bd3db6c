"""The themes that every installation begins with; an administrator changes them and adds others."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ROWS = [
    # code, English, Turkish, Malay, words by which it is proposed
    (
        "trade",
        "Trade and investment",
        "Ticaret ve yatırım",
        "Perdagangan dan pelaburan",
        "bilateral trade, free trade agreement, investments, tariffs, exports, imports, customs, market access,"
        " business communities, chambers of commerce, halal economy",
    ),
    (
        "industry",
        "Industry and small enterprises",
        "Sanayi ve KOBİ’ler",
        "Industri dan perusahaan kecil",
        "manufacturing, small and medium-sized enterprises, SMEs, SME development, entrepreneurship, industry, mining",
    ),
    (
        "finance",
        "Finance and banking",
        "Maliye ve bankacılık",
        "Kewangan dan perbankan",
        "finance, banking, central banks, Islamic finance, taxation, local currencies, capital markets, insurance",
    ),
    (
        "transport",
        "Transport and connectivity",
        "Ulaştırma ve bağlantısallık",
        "Pengangkutan dan kesalinghubungan",
        "logistics, maritime connectivity, ports, civil aviation, air transport, cargo, railways, roads, corridors,"
        " multimodal transport",
    ),
    (
        "energy",
        "Energy",
        "Enerji",
        "Tenaga",
        "energy transition, electricity, energy efficiency, nuclear energy, renewable energy, hydrogen, batteries,"
        " natural gas, oil",
    ),
    (
        "environment",
        "Climate and environment",
        "İklim ve çevre",
        "Iklim dan alam sekitar",
        "climate change, Paris Agreement, environment, Zero Waste, biodiversity, water, forests, pollution",
    ),
    (
        "technology",
        "Science, technology and digital affairs",
        "Bilim, teknoloji ve dijital işler",
        "Sains, teknologi dan hal ehwal digital",
        "artificial intelligence, information and communication technologies, semiconductors, space, satellites,"
        " biotechnology, digitalization, research and development, innovation, cybersecurity, digital trade",
    ),
    (
        "agriculture",
        "Agriculture and food",
        "Tarım ve gıda",
        "Pertanian dan makanan",
        "agriculture, food security, fisheries, livestock, palm oil, veterinary, halal food",
    ),
    (
        "defence",
        "Defence and defence industry",
        "Savunma ve savunma sanayii",
        "Pertahanan dan industri pertahanan",
        "defence industry, military, armed forces, cadets, officers, joint exercises, defence science",
    ),
    (
        "security",
        "Security and justice",
        "Güvenlik ve adalet",
        "Keselamatan dan keadilan",
        "terrorism, transnational organized crime, police, law enforcement, extradition, judicial cooperation,"
        " security challenges, migration, narcotics",
    ),
    (
        "education",
        "Education and training",
        "Eğitim ve öğretim",
        "Pendidikan dan latihan",
        "education, students, scholarships, universities, alumni, vocational training, academic exchange, cadets",
    ),
    (
        "health",
        "Health",
        "Sağlık",
        "Kesihatan",
        "health, medicines, hospitals, pharmaceuticals, pandemics, health tourism, wellness",
    ),
    (
        "culture",
        "Culture, tourism and sport",
        "Kültür, turizm ve spor",
        "Kebudayaan, pelancongan dan sukan",
        "culture, cultural exchange, tourism, visitors, heritage, museums, sport, youth",
    ),
    (
        "media",
        "Media and communication",
        "Medya ve iletişim",
        "Media dan komunikasi",
        "media, public diplomacy, disinformation, broadcasting, news agencies, public relations, communication",
    ),
    (
        "social",
        "Family and social policy",
        "Aile ve sosyal politika",
        "Keluarga dan dasar sosial",
        "families, women, children, older persons, persons with disabilities, social services, social protection,"
        " labour, employment",
    ),
    (
        "development",
        "Development and humanitarian aid",
        "Kalkınma ve insani yardım",
        "Pembangunan dan bantuan kemanusiaan",
        "development assistance, third countries, humanitarian access, humanitarian aid, reconstruction, recovery,"
        " refugees, disaster relief",
    ),
    (
        "regional",
        "Regional and international affairs",
        "Bölgesel ve uluslararası konular",
        "Hal ehwal serantau dan antarabangsa",
        "United Nations, Security Council, OIC, D-8, ASEAN, multilateralism, Palestine, Gaza, Syria, peace, stability,"
        " ceasefire, sovereignty",
    ),
    (
        "institutions",
        "Institutions and meetings",
        "Kurumsal yapı ve toplantılar",
        "Institusi dan mesyuarat",
        "High-Level Strategic Cooperation Council, Joint Commission Meeting, roadmap, follow-up, consultations,"
        " memorandum of understanding, agreements signed",
    ),
]


def add_rows(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    theme = apps.get_model("commitments", "Theme")
    theme.objects.using(schema_editor.connection.alias).bulk_create(
        theme(position=place, code=code, name_en=en, name_tr=tr, name_ms=ms, words=words)
        for place, (code, en, tr, ms, words) in enumerate(ROWS, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("commitments", "0018_dossiers_and_themes")]

    operations = [migrations.RunPython(add_rows, migrations.RunPython.noop)]
